/** Units of systemd, written from the settings of what they run. */
@NullMarked
package io.rolehost.cli.unit;

import org.jspecify.annotations.NullMarked;
