/**
 * What the web and the worker of the photo service share: the queue between them, kept in a folder,
 * and the tasks that make thumbnails.
 */
@NullMarked
package io.rolehost.samples.photos;

import org.jspecify.annotations.NullMarked;
