// Which files are pictures, by what a browser and their names say; the server looks at the bytes.

export const PICTURES = "image/jpeg,image/png,image/webp,.jpg,.jpeg,.png,.webp,.jfif,.jpe";

export const isPicture = (file: File): boolean =>
  file.type.startsWith("image/") || /\.(jpe?g|png|webp|jfif|jpe|jif|pjpeg|pjp)\s*$/i.test(file.name);

export const picturesIn = (transfer: DataTransfer | null): File[] => [...(transfer?.files ?? [])].filter(isPicture);
