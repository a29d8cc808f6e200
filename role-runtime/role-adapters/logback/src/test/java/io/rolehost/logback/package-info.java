@NullMarked
package io.rolehost.logback;

import org.jspecify.annotations.NullMarked;
