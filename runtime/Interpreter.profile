# Sequences of bytecodes that become superinstructions, families of them: what stands in braces
# stands for each of its names. See docs/ir.md, "Superinstructions".

# An operation with its operands, and what becomes of its result
{pushLocal,pushArgument} {pushLocal,pushArgument,pushInteger} {add,subtract,multiply} popLocal
{pushLocal,pushArgument} {pushLocal,pushArgument,pushInteger} {add,subtract,multiply}
pushLocal {pushLocal,pushArgument,pushInteger} {less,lessOrEqual,greater,equal} {jumpIfTrueOther,jumpIfFalseOther}
{pushLocal,pushArgument,pushInteger,pushFieldReceiver} {add,subtract,multiply} popLocal
{pushLocal,pushArgument,pushInteger,pushFieldReceiver} {add,subtract,multiply,bitAnd}
{pushLocal,pushInteger} {less,lessOrEqual,greater,equal,unequal} {jumpIfTrueOther,jumpIfFalseOther}
{add,subtract,multiply} {popLocal,popFieldReceiver}
{less,lessOrEqual,greater,greaterOrEqual,equal,unequal} {jumpIfTrueOther,jumpIfFalseOther}

# Two conditions in a row, and the ends of loops that count in steps
pushLocal pushInteger {equal,less,greater,unequal} jumpIfFalseOther pushLocal pushInteger {less,lessOrEqual,greater,greaterOrEqual} jumpIfFalseOther
pushLocal jumpIfFalseOther pushLocal pushInteger {less,lessOrEqual,greater,greaterOrEqual} jumpIfFalseOther
pushLocal pushLocal {add,subtract} popLocal jumpBack

# The same of Doubles: up to three operations, two statements, a comparison
{pushLocal,pushConstant} pushLocal multiplyDoubles pushLocal {addDoubles,subtractDoubles,multiplyDoubles} pushLocal {addDoubles,subtractDoubles} popLocal
{pushLocal,pushConstant} pushLocal {addDoubles,subtractDoubles,multiplyDoubles} pushLocal {addDoubles,subtractDoubles,multiplyDoubles} popLocal
pushLocal pushLocal {addDoubles,subtractDoubles,multiplyDoubles} popLocal pushLocal pushLocal {addDoubles,subtractDoubles,multiplyDoubles} popLocal
{pushLocal,pushConstant} pushLocal {addDoubles,subtractDoubles,multiplyDoubles} pushLocal {addDoubles,subtractDoubles,multiplyDoubles}
{pushLocal,pushArgument,pushFieldReceiver,pushConstant} {pushLocal,pushConstant} {addDoubles,subtractDoubles,multiplyDoubles} popLocal
{pushLocal,pushArgument,pushFieldReceiver,pushConstant} {pushLocal,pushConstant} {addDoubles,subtractDoubles,multiplyDoubles}
pushLocal {addDoubles,subtractDoubles,multiplyDoubles} pushLocal {addDoubles,subtractDoubles,multiplyDoubles} popLocal
{pushLocal,pushArgument,pushFieldReceiver,pushConstant} {addDoubles,subtractDoubles,multiplyDoubles} popLocal
{pushLocal,pushArgument,pushFieldReceiver,pushConstant} {addDoubles,subtractDoubles,multiplyDoubles}
{addDoubles,subtractDoubles,multiplyDoubles} {popLocal,popFieldReceiver}
pushLocal pushLocal {addDoubles,subtractDoubles,multiplyDoubles} pushConstant {lessDoubles,lessOrEqualDoubles,greaterDoubles,greaterOrEqualDoubles} jumpIfFalseOther
{pushLocal,pushConstant} {lessDoubles,lessOrEqualDoubles,greaterDoubles,greaterOrEqualDoubles} {jumpIfTrueOther,jumpIfFalseOther}
{lessDoubles,lessOrEqualDoubles,greaterDoubles,greaterOrEqualDoubles} {jumpIfTrueOther,jumpIfFalseOther}

# Moving values
{pushLocal,pushArgument,pushInteger,pushFieldReceiver,pushConstant,pushNil} {popLocal,popFieldReceiver}
{pushLocal,pushArgument,pushFieldReceiver} {pushLocal,pushArgument,pushInteger,pushFieldReceiver}
{pushLocal,pushArgument,pushFieldReceiver} pushLocal pushLocal
dup {popLocal,popFieldReceiver} pop
dup {popLocal,popFieldReceiver}
pop {pushLocal,pushArgument,pushFieldReceiver,pushGlobal}
{popLocal,popFieldReceiver} {pushLocal,pushArgument,pushFieldReceiver}

# Messages: what gets and sets fields may stand in the midst, what enters a method comes last
{pushLocal,pushArgument,pushFieldReceiver} sendGetterArguments {sendGetterArguments,popLocal,returnLocal,jumpIfTrueOther,jumpIfFalseOther}
{pushLocal,pushArgument,pushFieldReceiver} sendGetterArguments {pushLocal,pushArgument,pushInteger}
{pushLocal,pushArgument} sendGetterArguments {add,subtract,equal,addDoubles,subtractDoubles,multiplyDoubles}
{pushLocal,pushArgument,pushFieldReceiver,pushGlobal} sendGetterArguments
sendGetterArguments {sendGetterArguments,popLocal,returnLocal,jumpIfTrueOther,jumpIfFalseOther}
{pushLocal,pushArgument,pushFieldReceiver,sendGetterArguments} sendSetterArguments pop
sendSetterArguments pop
{pushLocal,pushArgument,pushFieldReceiver,pushGlobal,pushInteger,pushConstant,sendGetterArguments} {sendMethodArguments,sendSelfArguments}
{pushArgument,pushFieldReceiver} {pushLocal,pushArgument,pushInteger,pushFieldReceiver} sendMethodArguments
pushArgument {pushLocal,pushArgument,pushInteger,pushFieldReceiver} sendSelfArguments
pushLocal {pushLocal,pushArgument,pushFieldReceiver} sendMethodArguments
{pushLocal,pushArgument,pushFieldReceiver} sendBlockArguments
pushGlobal {sendNewArguments,pushLocal,pushArgument}

# Ends
{pushLocal,pushArgument,pushFieldReceiver,pushNil,pushTrue,pushFalse} returnLocal
popFieldReceiver returnSelf
pop returnSelf
{popLocal,pop} jumpBack
{pushLocal,pushArgument,pushFieldReceiver} {jumpIfTrueOther,jumpIfFalseOther,jumpIfNil,jumpIfNotNil}

# Elements, identity, and the tests for nil
{pushLocal,pushArgument,pushFieldReceiver} {pushLocal,pushArgument} at
{pushLocal,pushArgument} at
at {popLocal,returnLocal,jumpIfTrueOther,jumpIfFalseOther}
{pushLocal,pushArgument,pushFieldReceiver} {pushLocal,pushArgument} {at} {jumpIfFalseOther,returnLocal}
{pushLocal,pushArgument,pushFieldReceiver} {pushLocal,pushArgument} pushInteger {add,subtract} at
pushFieldReceiver {pushLocal,pushArgument} {pushLocal,pushArgument} {add,subtract}
pushFieldReceiver {pushLocal,pushArgument} {pushLocal,pushArgument} {add,subtract} at
pushInteger {add,subtract} at
{pushLocal,pushArgument} pushInteger {add,subtract} {pushTrue,pushFalse,pushLocal,pushArgument} atPut pop
pushInteger {add,subtract} {pushTrue,pushFalse,pushLocal,pushArgument} atPut pop
{pushLocal,pushArgument} {pushTrue,pushFalse,pushLocal,pushArgument,pushInteger} atPut pop
{and,or} {jumpIfTrueOther,jumpIfFalseOther,returnLocal}
pushFieldReceiver pushInteger {add,subtract} popFieldReceiver
{pushLocal,pushArgument} atPut pop
atPut pop
{pushLocal,pushFieldReceiver} length
{pushLocal,pushArgument,pushFieldReceiver} {isNil,notNil} {jumpIfTrueOther,jumpIfFalseOther}
{pushLocal,pushArgument,pushNil} identical {jumpIfTrueOther,jumpIfFalseOther}
{isNil,notNil,identical,not} {jumpIfTrueOther,jumpIfFalseOther}
{identical,not} returnLocal

# Sequences of bytecodes that are worth a superinstruction, after how often each is executed.
# Made by
#   loopwright profile --superinstructions -O0 -fno-superinstructions --most=250 --most-code=5000 --for-others
# from these programs, a million bytecodes of each:
#   -cp bench/programs:bench/training Harness Bank 1 1
#       384372 dispatches become 195199 (0.508)
#   -cp bench/programs:bench/training Harness Calculator 1 1
#       91015 dispatches become 52265 (0.574)
#   -cp bench/programs:bench/training Harness EventQueue 1 1
#       181323 dispatches become 95304 (0.526)
#   -cp bench/programs:bench/training Harness Life 1 1
#       3915308 dispatches become 1853210 (0.473)
#   -cp bench/programs:bench/training Harness MatrixProduct 1 1
#       654123 dispatches become 204837 (0.313)
#   -cp bench/programs:bench/training Harness Newton 1 1
#       954682 dispatches become 553660 (0.580)
#   -cp bench/programs:bench/training Harness Numbers 1 1
#       679332 dispatches become 310678 (0.457)
#   -cp bench/programs:bench/training Harness Particles 1 1
#       411990 dispatches become 176192 (0.428)
#   -cp bench/programs:bench/training Harness Pipelines 1 1
#       182380 dispatches become 94239 (0.517)
#   -cp bench/programs:bench/training Harness SearchTree 1 1
#       1145036 dispatches become 670826 (0.586)
#   -cp bench/programs:bench/training Harness Sorting 1 1
#       1066395 dispatches become 503976 (0.473)
#   -cp bench/programs:bench/training Harness WordCount 1 1
#       81988 dispatches become 45768 (0.558)

143474 equal jumpIfFalseOther
127227 pushLocal pushLocal
117599 pushLocal pushInteger
117398 pushLocal pushInteger add popLocal jumpBack
111195 less jumpIfFalseOther
105984 pushLocal at
101023 pushFieldReceiver pushArgument
75870 popLocal pushLocal pushInteger add popLocal jumpBack
75385 pushArgument pushLocal at
72213 pushArgument pushFieldReceiver
71913 pushArgument pushArgument
69467 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushLocal
69012 pushInteger add
60299 pushFieldReceiver pushArgument sendGetterArguments
59623 multiplyDoubles addDoubles
59583 popLocal jumpBack
58900 popLocal pushArgument
58894 jumpIfTrueOther pushLocal
55247 pushLocal pushArgument sendMethodArguments
49986 pushInteger equal jumpIfFalseOther
49292 lessOrEqual jumpIfFalseOther
48607 equal jumpIfTrueOther
46445 pushArgument pushConstant
46315 popLocal pushLocal pushLocal
45035 pushArgument sendSelfArguments
43506 popLocal pushLocal
42590 popFieldReceiver pushFieldReceiver
39611 pushLocal pushFieldReceiver
39524 pushArgument pushInteger
38846 pushLocal pushArgument
38676 pushFieldReceiver pushLocal at
38631 pushFieldReceiver isNil jumpIfFalseOther
35879 pushLocal pushInteger multiply
35445 pushFieldReceiver length greater jumpIfFalseOther
35230 pushFieldReceiver pushInteger
34587 pushConstant pushLocal
34538 pushLocal isNil
33305 at atPut pop
31709 pushLocal pushFieldReceiver less jumpIfFalseOther
31601 pushFieldReceiver pushArgument at popLocal
31139 pushFieldReceiver pushConstant
30629 subtractDoubles popLocal
30593 popLocal pushFieldReceiver
30587 subtractDoubles popLocal pushLocal pushLocal
30583 multiplyDoubles pushLocal pushLocal multiplyDoubles addDoubles
30448 pushLocal pushInteger greater jumpIfFalseOther
29720 pushFieldReceiver pushInteger add popFieldReceiver pushFieldReceiver
28879 pushFieldReceiver pushLocal
28852 atPut pop
27767 pushInteger subtract
27235 pushLocal returnLocal
26839 pushArgument pushLocal pushLocal sendSelfArguments
25633 pushArgument pushArgument pushLocal
25005 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument pushLocal
24089 popFieldReceiver pushFieldReceiver pushInteger add
23749 pushLocal pushLocal lessOrEqual jumpIfFalseOther
23492 pushLocal pushFieldReceiver add
23160 pushLocal less jumpIfFalseOther
23152 popFieldReceiver pushTrue
22452 pushLocal pushLocal at
21396 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument pushArgument pushLocal
21176 atPut pop returnSelf
20883 pop jumpBack
20595 pop pushLocal pushInteger add popLocal jumpBack
20157 pop pushLocal
19641 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushArgument
18779 popLocal jump
18325 pushLocal pushInteger multiply pushInteger add
16623 pop pushLocal popLocal jumpBack
16368 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument
15889 pushArgument popLocal pushArgument popLocal pushLocal pushInteger
15308 popLocal pushLocal popLocal pushLocal
15197 pushArgument pushLocal pushInteger add
10647 pop jump
