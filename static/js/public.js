// Pages without an account: photos are shrunk before they are sent, a double tap sends one form. Everything works without this file.
import * as photos from "./modules/photos.js";
import * as submitOnce from "./modules/submit-once.js";

for (const element of document.querySelectorAll('[data-module~="photos"]')) photos.start(element);
for (const form of document.querySelectorAll('[data-module~="submit-once"]')) submitOnce.start(form);
