/** XML with positions, read so that a hostile file costs nothing: the only code that parses it. */
@NullMarked
package io.rolehost.azure.xml;

import org.jspecify.annotations.NullMarked;
