import { Button, CharacterCount, ErrorSummary, ExitThisPage, NotificationBanner, SkipLink, createAll } from "govuk-frontend";
import { keepDrafts } from "./drafts.js";
import { offerCopying } from "./copying.js";
import { reveal } from "./revealing.js";
import { pressTiles, readAloud } from "./child.js";

for (const part of [Button, CharacterCount, ErrorSummary, ExitThisPage, NotificationBanner, SkipLink]) {
  createAll(part);
}
reveal(document);
keepDrafts(document);
offerCopying(document);
pressTiles(document);
readAloud(document);
document.documentElement.dataset.hub = "ready";
