// `loopwright-llvm-NN dispatch`: measures the dispatch path in an emitted object.
#ifndef BACKEND_LLVM_DISPATCH_COMMAND_H
#define BACKEND_LLVM_DISPATCH_COMMAND_H

// Runs the subcommand; `arguments` are those behind its name. Returns the exit
// status: 0, 1 after errors in the input, 2 after errors in the arguments, all of
// them reported on stderr.
int dispatch_command(int count, char **arguments);

#endif
