// `loopwright-llvm-NN emit`: from a .mir file to an object, assembly or LLVM IR. It is the
// other end of cli/emitter.c; a user may call it as well, to see LLVM's part alone.
#ifndef BACKEND_LLVM_EMIT_COMMAND_H
#define BACKEND_LLVM_EMIT_COMMAND_H

// Runs the subcommand; `arguments` are those after its name. Returns the exit
// status: 0, 1 after errors in the input, 2 after errors in the arguments, all of
// them reported on stderr.
int llvm_emit_command(int count, char **arguments);

#endif
