# The whole body of Spinning's loop, and its condition
pushFieldReceiver pushInteger add popFieldReceiver pushLocal pushInteger add popLocal pushFieldReceiver pushInteger add popFieldReceiver jumpBack
pushLocal pushInteger greaterOrEqual jumpIfFalseOther
