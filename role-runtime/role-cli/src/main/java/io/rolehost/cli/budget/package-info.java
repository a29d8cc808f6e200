/**
 * Whether what a process may take fits into what a service manager grants it: values in, proofs
 * out. Also the text forms of what grants: unit files and Kubernetes manifests.
 */
@NullMarked
package io.rolehost.cli.budget;

import org.jspecify.annotations.NullMarked;
