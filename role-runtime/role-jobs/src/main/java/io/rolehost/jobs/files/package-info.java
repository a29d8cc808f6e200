/** The folder trigger: whole files, found by a watcher or a rescan, each version once. */
@NullMarked
package io.rolehost.jobs.files;

import org.jspecify.annotations.NullMarked;
