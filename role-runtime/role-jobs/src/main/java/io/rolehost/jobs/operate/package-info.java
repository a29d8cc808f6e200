/** What {@code /status}, {@code rolehost jobs} and the metrics show, and what they may ask for. */
@NullMarked
package io.rolehost.jobs.operate;

import org.jspecify.annotations.NullMarked;
