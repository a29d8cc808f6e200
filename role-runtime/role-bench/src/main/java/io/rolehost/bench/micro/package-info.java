/** What is called so often that nanoseconds count: {@code bin/bench micro}. */
@NullMarked
package io.rolehost.bench.micro;

import org.jspecify.annotations.NullMarked;
