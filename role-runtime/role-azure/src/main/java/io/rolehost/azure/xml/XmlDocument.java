package io.rolehost.azure.xml;

/**
 * A file as it was read.
 *
 * @param file as it was named by the caller
 * @param comments how many it has
 */
public record XmlDocument(String file, XmlElement root, int comments) {}
