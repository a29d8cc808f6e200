/** Background work on the real broker. */
@NullMarked
package io.rolehost.jobs.artemis;

import org.jspecify.annotations.NullMarked;
