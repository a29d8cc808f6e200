package io.rolehost.runtime.endpoint;

/**
 * What can be said of an endpoint at a moment.
 *
 * @param port the one really bound; before opening the configured one
 * @param open whether it accepts connections
 * @param inFlight requests being served now
 * @param served requests that came since it was opened; -1 where a server of the role's own serves
 *     it, which does not tell
 */
public record EndpointFacts(
    String name, String protocol, String host, int port, boolean open, int inFlight, long served) {}
