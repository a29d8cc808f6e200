/** The life of an instance as events of the JDK's Flight Recorder. */
@NullMarked
package io.rolehost.runtime.flight;

import org.jspecify.annotations.NullMarked;
