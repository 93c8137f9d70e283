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
