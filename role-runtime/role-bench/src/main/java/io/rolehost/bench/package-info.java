/** Benchmarks of whole processes and of single decisions, each beside its peers. */
@NullMarked
package io.rolehost.bench;

import org.jspecify.annotations.NullMarked;
