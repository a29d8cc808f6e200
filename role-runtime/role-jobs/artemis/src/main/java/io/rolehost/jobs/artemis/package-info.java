/** Jobs on Apache Artemis: the client, and the broker. */
@NullMarked
package io.rolehost.jobs.artemis;

import org.jspecify.annotations.NullMarked;
