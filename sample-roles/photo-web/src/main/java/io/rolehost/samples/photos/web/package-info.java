/** The web role of the photo service. */
@NullMarked
package io.rolehost.samples.photos.web;

import org.jspecify.annotations.NullMarked;
