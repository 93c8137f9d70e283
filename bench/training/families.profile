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

# The same of Doubles: up to two operations, and a comparison
{pushLocal,pushConstant} pushLocal {addDoubles,subtractDoubles,multiplyDoubles} pushLocal {addDoubles,subtractDoubles,multiplyDoubles} popLocal
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
