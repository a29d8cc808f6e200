/**
 * What the web and the worker of the photo service share: the store of photos and thumbnails, and
 * the background work on it.
 */
@NullMarked
package io.rolehost.samples.photos;

import org.jspecify.annotations.NullMarked;
