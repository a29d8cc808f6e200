/** Facts in, verdict and reasons out. Pure, apart from the sampler of the health checks. */
@NullMarked
package io.rolehost.runtime.readiness;

import org.jspecify.annotations.NullMarked;
