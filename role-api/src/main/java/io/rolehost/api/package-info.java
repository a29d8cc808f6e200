/**
 * What a role is written against: the role itself, its context, its tasks and its stop.
 *
 * <p>Nothing here starts a thread or opens a file; the role host does. Null crosses no method of
 * this package unless it is marked {@link org.jspecify.annotations.Nullable}.
 */
@NullMarked
package io.rolehost.api;

import org.jspecify.annotations.NullMarked;
