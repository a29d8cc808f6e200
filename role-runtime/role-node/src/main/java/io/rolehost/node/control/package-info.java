/** How commands speak to a running node and to its instances: a local socket and local HTTP. */
@NullMarked
package io.rolehost.node.control;

import org.jspecify.annotations.NullMarked;
