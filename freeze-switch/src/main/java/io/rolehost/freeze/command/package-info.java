/** The command: the freeze from a shell, also while nothing runs. The only picocli code here. */
@NullMarked
package io.rolehost.freeze.command;

import org.jspecify.annotations.NullMarked;
