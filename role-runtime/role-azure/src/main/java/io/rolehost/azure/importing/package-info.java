/**
 * From a service definition and its configurations to a solution and a report of what became of
 * each element and attribute.
 */
@NullMarked
package io.rolehost.azure.importing;

import org.jspecify.annotations.NullMarked;
