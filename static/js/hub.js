import { Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, NotificationBanner, Radios, SkipLink, createAll } from "govuk-frontend";
import { keepDrafts } from "./drafts.js";
import { offerCopying } from "./copying.js";
import { pressTiles, readAloud } from "./child.js";

for (const part of [Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, NotificationBanner, Radios, SkipLink]) {
  createAll(part);
}
keepDrafts(document);
offerCopying(document);
pressTiles(document);
readAloud(document);
