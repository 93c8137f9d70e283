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

# Moving values
{pushLocal,pushArgument,pushInteger,pushFieldReceiver,pushConstant,pushNil} {popLocal,popFieldReceiver}
{pushLocal,pushArgument,pushFieldReceiver} {pushLocal,pushArgument,pushInteger,pushFieldReceiver}
{pushLocal,pushArgument,pushFieldReceiver} pushLocal pushLocal
dup {popLocal,popFieldReceiver} pop
dup {popLocal,popFieldReceiver}
pop {pushLocal,pushArgument,pushFieldReceiver}
{popLocal,popFieldReceiver} {pushLocal,pushArgument}

# Ends
{pushLocal,pushFieldReceiver,pushNil,pushTrue,pushFalse} returnLocal
pop returnSelf
popLocal jumpBack
{pushLocal,pushArgument,pushFieldReceiver} {jumpIfTrueOther,jumpIfFalseOther,jumpIfNil,jumpIfNotNil}

# Elements, identity, and the tests for nil
{pushLocal,pushArgument,pushFieldReceiver} {pushLocal,pushArgument} at
{pushLocal,pushArgument} at
at popLocal
{pushLocal,pushArgument} atPut pop
atPut pop
{pushLocal,pushFieldReceiver} length
{pushLocal,pushArgument,pushFieldReceiver} {isNil,notNil} {jumpIfTrueOther,jumpIfFalseOther}
{pushLocal,pushArgument,pushNil} identical {jumpIfTrueOther,jumpIfFalseOther}
{isNil,notNil,identical,not} {jumpIfTrueOther,jumpIfFalseOther}
{identical,not} returnLocal

# Sequences of bytecodes that are worth a superinstruction, after how often each is executed.
# Made by
#   loopwright profile -O0 -fno-superinstructions --bytecodes=250 --most-code=5000 --for-others
# from these programs, a million bytecodes of each:
#   -cp bench/programs:bench/training Harness Bank 1 1
#       384372 dispatches become 215247 (0.560)
#   -cp bench/programs:bench/training Harness Calculator 1 1
#       91015 dispatches become 53139 (0.584)
#   -cp bench/programs:bench/training Harness EventQueue 1 1
#       181323 dispatches become 99557 (0.549)
#   -cp bench/programs:bench/training Harness Life 1 1
#       4247084 dispatches become 2324108 (0.547)
#   -cp bench/programs:bench/training Harness MatrixProduct 1 1
#       654119 dispatches become 208835 (0.319)
#   -cp bench/programs:bench/training Harness Newton 1 1
#       954657 dispatches become 541308 (0.567)
#   -cp bench/programs:bench/training Harness Numbers 1 1
#       679332 dispatches become 307597 (0.453)
#   -cp bench/programs:bench/training Harness Particles 1 1
#       411968 dispatches become 177393 (0.431)
#   -cp bench/programs:bench/training Harness Pipelines 1 1
#       182380 dispatches become 97774 (0.536)
#   -cp bench/programs:bench/training Harness SearchTree 1 1
#       1145036 dispatches become 740349 (0.647)
#   -cp bench/programs:bench/training Harness Sorting 1 1
#       1066395 dispatches become 544084 (0.510)
#   -cp bench/programs:bench/training Harness WordCount 1 1
#       81988 dispatches become 49967 (0.609)

163100 pushLocal pushInteger add popLocal jumpBack
151373 less jumpIfFalseOther
141156 equal jumpIfFalseOther
128419 pushLocal pushInteger
123227 pushLocal pushLocal
100704 pushInteger add
99172 pushLocal pushArgument
99097 pushLocal at
92855 pushArgument pushLocal
92338 subtract popLocal
87123 pushArgument pushArgument
81768 pushFieldReceiver pushArgument sendArguments
76402 pushArgument pushLocal at
72703 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushLocal
72213 pushArgument pushFieldReceiver
61105 pushLocal pushFieldReceiver
59948 pushFieldReceiver pushArgument
54199 pushLocal pushInteger multiply
52640 multiply add popLocal
49986 pushInteger equal jumpIfFalseOther
46005 pushArgument pushConstant
45453 pushLocal multiply
42352 pushFieldReceiver pushLocal at
42005 popFieldReceiver pushFieldReceiver
41114 popLocal pushArgument
40635 popLocal jumpBack
40599 pushArgument pushInteger
39591 add popLocal
39565 pushFieldReceiver pushFieldReceiver
38708 at atPut pop
38631 pushFieldReceiver isNil jumpIfFalseOther
37384 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument
35445 pushFieldReceiver length greater jumpIfFalseOther
34830 pushLocal isNil
32962 pushFieldReceiver pushInteger add popFieldReceiver
31709 pushLocal pushFieldReceiver less jumpIfFalseOther
31696 pushLocal pushLocal multiply
31601 pushFieldReceiver pushArgument at popLocal
31139 pushFieldReceiver pushConstant
30588 pushLocal pushLocal multiply pushLocal pushLocal multiply add
30506 pop pushLocal pushInteger add popLocal jumpBack
30448 pushLocal pushInteger greater jumpIfFalseOther
30080 popLocal pushLocal
29720 pushFieldReceiver pushInteger add popFieldReceiver pushFieldReceiver
28809 pushLocal returnLocal
27985 pushFieldReceiver pushLocal
27885 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushArgument pushLocal
26942 pushFieldReceiver pushInteger
26594 popLocal pushFieldReceiver
25105 popLocal pushLocal pushLocal
23044 pushTrue returnLocal
21176 pushArgument pushLocal atPut pop returnSelf
20883 pop jumpBack
20157 pop pushLocal
19518 pushLocal pushLocal at
19171 pushInteger popLocal
18575 pushLocal pushLocal lessOrEqual jumpIfFalseOther pushLocal pushArgument
18437 popLocal pushLocal pushInteger add popLocal jumpBack
17460 popLocal jump
16623 pop pushLocal popLocal jumpBack
15308 popLocal pushLocal popLocal pushLocal
14786 pushArgument popLocal pushArgument popLocal pushLocal pushInteger
14636 pushArgument pushArgument pushLocal
