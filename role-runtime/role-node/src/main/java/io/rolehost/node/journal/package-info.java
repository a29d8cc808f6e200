/** What a node writes down of its instances, and the proof that it follows its own table. */
@NullMarked
package io.rolehost.node.journal;

import org.jspecify.annotations.NullMarked;
