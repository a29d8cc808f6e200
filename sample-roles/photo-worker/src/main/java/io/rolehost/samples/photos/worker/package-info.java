/** The worker role of the photo service. */
@NullMarked
package io.rolehost.samples.photos.worker;

import org.jspecify.annotations.NullMarked;
