/** The small HTTP model of an endpoint that the host serves. */
@NullMarked
package io.rolehost.api.http;

import org.jspecify.annotations.NullMarked;
