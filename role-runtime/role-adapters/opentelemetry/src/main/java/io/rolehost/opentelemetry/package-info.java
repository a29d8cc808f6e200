/**
 * Traces of a role by OpenTelemetry: put this on the class path beside an SDK, and nothing has to
 * be called.
 */
@NullMarked
package io.rolehost.opentelemetry;

import org.jspecify.annotations.NullMarked;
