/** The management plane: probes, status, events, metrics. The only Netty code beside endpoint. */
@NullMarked
package io.rolehost.runtime.management;

import org.jspecify.annotations.NullMarked;
