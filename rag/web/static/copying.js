// A button on each command of a page that copies it. Where the browser lets no script write to the
// clipboard (not over plain HTTP), the command is selected, to be copied by hand.
for (const line of document.querySelectorAll(".curl")) {
    const button = document.createElement("button");
    const command = line.querySelector("pre");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
        try {
            await navigator.clipboard.writeText(command.textContent);
            button.textContent = "Copied";
        } catch {
            getSelection().selectAllChildren(command);
            button.textContent = "Selected";
        }
    });
    button.addEventListener("blur", () => {
        button.textContent = "Copy";
    });
    button.setAttribute("aria-live", "polite");
    line.querySelector(".label").append(button);
}
