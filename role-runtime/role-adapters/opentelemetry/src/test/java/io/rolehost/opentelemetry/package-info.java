@NullMarked
package io.rolehost.opentelemetry;

import org.jspecify.annotations.NullMarked;
