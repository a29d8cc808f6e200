/**
 * The command {@code rolehost}: one class a verb. The only picocli code beside the freeze's own.
 */
@NullMarked
package io.rolehost.cli;

import org.jspecify.annotations.NullMarked;
