package io.rolehost.node.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * What a process said of itself.
 *
 * @param clientId which process, by an id that it gave itself
 * @param acquired what it holds from now on; empty = nothing any more
 */
public record CurrentState(String clientId, Optional<Acquired> acquired) {

  /** The longest document that is read, in bytes. */
  public static final int MAX_BYTES = 16 * 1024;

  private static final int MAX_ID = 128;
  private static final int MAX_DEPTH = 8;
  // A year of five digits or none at all is what a clock that runs wild writes.
  private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  /** A status. */
  public enum Status {
    /** It works. */
    STARTED,
    /** It works and wants no requests. */
    BUSY,
    /** It wants to be started again. */
    RECYCLE,
    /** It has done what it had to do before its end. */
    STOPPED
  }

  /**
   * A status that is held.
   *
   * @param until when it lapses; empty = never
   */
  public record Acquired(Status status, Optional<Instant> until) {}

  /** A document that is not understood. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message);
    }
  }

  /**
   * Reads a document that anybody may have written.
   *
   * @throws Malformed if it is not one; the message is for a person
   */
  public static CurrentState read(byte[] document) throws Malformed {
    if (document.length > MAX_BYTES) {
      throw new Malformed("it is longer than " + MAX_BYTES + " bytes");
    }
    Map<String, String> found = new HashMap<>();
    try {
      XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
      walk(factory.createXMLStreamReader(new StringReader(text(document))), found);
    } catch (XMLStreamException e) {
      throw new Malformed("it is not the XML that is expected");
    }
    String lease = "CurrentState/StatusLease";
    String client = found.getOrDefault(lease + "@ClientId", "");
    if (client.isEmpty() || client.length() > MAX_ID) {
      throw new Malformed("it has no CurrentState/StatusLease with a ClientId");
    }
    if (found.containsKey(lease + "/Release")) {
      return new CurrentState(client, Optional.empty());
    }
    String acquire = lease + "/Acquire/";
    return new CurrentState(
        client,
        Optional.of(
            new Acquired(
                status(found.getOrDefault(acquire + "Status", "")),
                until(found.getOrDefault(acquire + "Expiration", "")))));
  }

  /** Decoded here, since the parser prints about bytes that are no text. */
  private static String text(byte[] document) throws Malformed {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new Malformed("it is not in UTF-8");
    }
  }

  /** Notes the text of each element by its path; a second one of a path is a mistake. */
  private static void walk(XMLStreamReader reader, Map<String, String> found)
      throws XMLStreamException, Malformed {
    Deque<String> open = new ArrayDeque<>();
    StringBuilder text = new StringBuilder();
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          open.addLast(reader.getLocalName());
          if (open.size() > MAX_DEPTH) {
            throw new Malformed("its elements are nested too deep");
          }
          String path = String.join("/", open);
          if (found.put(path, "") != null) {
            throw new Malformed("it has two elements " + reader.getLocalName());
          }
          @Nullable String client = reader.getAttributeValue(null, "ClientId");
          if (client != null) {
            found.put(path + "@ClientId", client);
          }
          text.setLength(0);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            text.append(reader.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          found.put(String.join("/", open), text.toString().strip());
          text.setLength(0);
          open.removeLast();
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw new Malformed("it has a document type or an entity");
        default -> {}
      }
    }
  }

  private static Status status(String word) throws Malformed {
    for (Status status : Status.values()) {
      if (status.name().equals(word.toUpperCase(Locale.ROOT))) {
        return status;
      }
    }
    throw new Malformed("its status is none of Started, Busy, Recycle and Stopped");
  }

  /** A time without a zone is in UTC. */
  private static Optional<Instant> until(String word) throws Malformed {
    try {
      Instant until;
      try {
        until = OffsetDateTime.parse(word).toInstant();
      } catch (DateTimeException e) {
        until = LocalDateTime.parse(word).toInstant(ZoneOffset.UTC);
      }
      return until.isBefore(NEVER) ? Optional.of(until) : Optional.empty();
    } catch (DateTimeException e) {
      throw new Malformed("its Expiration is no time such as 2027-03-31T12:00:00Z");
    }
  }
}
