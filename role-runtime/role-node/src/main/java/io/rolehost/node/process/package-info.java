/** Real processes: started, their output taken, ended as a tree, and never left behind. */
@NullMarked
package io.rolehost.node.process;

import org.jspecify.annotations.NullMarked;
