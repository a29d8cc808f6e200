/**
 * The role environment of Azure as a node serves it: its documents, its goal states, who holds
 * which status, and what is told of the other roles. Pure; the pipes are in {@code process}.
 */
@NullMarked
package io.rolehost.node.azure;

import org.jspecify.annotations.NullMarked;
