# Sequences for superinstructions.mir
120 push addSmall
 80 push push addSmall
{push} {jumpIfZero}
jumpIfZero push
push {send,back}   # the last may be anything
push addSmall
send push
early push
push pops push
