/** The smallest programs that do what a role host is measured on; each a process of its own. */
@NullMarked
package io.rolehost.bench.peer;

import org.jspecify.annotations.NullMarked;
