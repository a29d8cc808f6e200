/** What a node is told to run: {@code solution.conf}, read, checked, and turned into values. */
@NullMarked
package io.rolehost.node.solution;

import org.jspecify.annotations.NullMarked;
