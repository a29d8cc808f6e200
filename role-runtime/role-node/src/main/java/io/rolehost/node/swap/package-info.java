/** How two deployments change places behind a balancer: the order of it, and HAProxy. */
@NullMarked
package io.rolehost.node.swap;

import org.jspecify.annotations.NullMarked;
