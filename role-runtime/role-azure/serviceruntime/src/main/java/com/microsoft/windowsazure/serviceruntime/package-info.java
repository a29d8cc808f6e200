/**
 * {@code RoleEnvironment} as Java programs of Azure Cloud Services know it, served by a Rolehost
 * node. Old programs run unchanged; {@code docs/azure-role-environment.md} says what differs.
 */
@NullMarked
package com.microsoft.windowsazure.serviceruntime;

import org.jspecify.annotations.NullMarked;
