/** The node: the supervisor of one machine; every instance is a child process of its own. */
@NullMarked
package io.rolehost.node;

import org.jspecify.annotations.NullMarked;
