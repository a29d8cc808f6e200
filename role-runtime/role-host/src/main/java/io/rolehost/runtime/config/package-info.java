/** Reading, checking and watching the configuration: the only code that walks a Config. */
@NullMarked
package io.rolehost.runtime.config;

import org.jspecify.annotations.NullMarked;
