/** Jobs by HTTP, over the host's own endpoint. */
@NullMarked
package io.rolehost.jobs.http;

import org.jspecify.annotations.NullMarked;
