/** What stands in for a library that this Java warns of. */
@NullMarked
package org.jctools.queues;

import org.jspecify.annotations.NullMarked;
