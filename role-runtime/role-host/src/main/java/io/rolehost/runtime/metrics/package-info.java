/** Names and units of what is measured: the only metrics code. */
@NullMarked
package io.rolehost.runtime.metrics;

import org.jspecify.annotations.NullMarked;
